<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/health: what the source-data cell is made of; opens as its pop-up. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'health']" mode="heading">Source data of <xsl:value-of select="/t:page/t:customer/@name"/></xsl:template>

<xsl:template match="t:page[@kind = 'health']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<xsl:for-each select="t:health">
		<div class="card small" data-popup="">
			<p class="row"><span class="dot {@state}"><strong><xsl:call-template name="state-word"/></strong></span><xsl:if test="/t:page/t:customer/@tier != 'customer'"><span class="soft">with everything below</span></xsl:if></p>
			<dl class="tally">
				<div><dt class="dot failed">Failed</dt><dd><xsl:value-of select="format-number(@failed, '#,##0')"/></dd></div>
				<div><dt class="dot warning">Warning</dt><dd><xsl:value-of select="format-number(@warning, '#,##0')"/></dd></div>
				<div><dt class="dot success">Success</dt><dd><xsl:value-of select="format-number(@success, '#,##0')"/></dd></div>
				<div><dt class="dot not_available">Not available</dt><dd><xsl:value-of select="format-number(@not_available, '#,##0')"/></dd></div>
			</dl>
			<xsl:if test="t:blame">
				<h2 class="row soft">Where to look</h2>
				<ul>
					<xsl:for-each select="t:blame">
						<li class="row">
							<span class="grow"><a href="{$base}customers/{@id}/sources"><bdi><xsl:value-of select="@name"/></bdi></a><xsl:if test="@message"><span class="hint block"><xsl:value-of select="@message"/></span></xsl:if></span>
							<span class="side"><span class="dot {@state}"><xsl:call-template name="state-word"/></span><xsl:if test="@since"><span class="hint block">since <xsl:call-template name="instant"><xsl:with-param name="at" select="@since"/></xsl:call-template></span></xsl:if></span>
						</li>
					</xsl:for-each>
				</ul>
			</xsl:if>
			<xsl:if test="@more"><p class="row soft">and <xsl:value-of select="format-number(@more, '#,##0')"/> more</p></xsl:if>
		</div>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
