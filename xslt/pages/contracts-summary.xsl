<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/contracts/summary: up to three contracts; opens as the pop-up of the contracts cell. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contracts-summary']" mode="heading">Contracts of <xsl:value-of select="/t:page/t:customer/@name"/></xsl:template>

<xsl:template match="t:page[@kind = 'contracts-summary']" mode="content">
	<xsl:for-each select="t:customer"><xsl:call-template name="popup-head"/></xsl:for-each>
	<xsl:for-each select="t:contracts">
		<div class="card small" data-popup="">
			<xsl:if test="not(t:contract)"><p class="row soft">No contracts yet.</p></xsl:if>
			<ul>
				<xsl:for-each select="t:contract">
					<li class="row"><span class="grow"><bdi id="c{@id}"><xsl:value-of select="@name"/></bdi><span class="hint block"><xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template><xsl:if test="@end"> to <xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></xsl:if></span></span><xsl:call-template name="contract-status"/><a href="{$base}contracts/{@id}" aria-describedby="c{@id}">View</a></li>
				</xsl:for-each>
			</ul>
			<xsl:for-each select="t:link[@rel = 'all']">
				<p class="row"><a><xsl:call-template name="href"><xsl:with-param name="to" select="@href"/></xsl:call-template>View all contracts</a></p>
			</xsl:for-each>
		</div>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
