<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /customers/ID/contracts/new: the form of a new contract. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contract-new']" mode="heading"><xsl:value-of select="/t:page/@title"/></xsl:template>

<xsl:template match="t:page[@kind = 'contract-new']" mode="content">
	<xsl:for-each select="t:customer">
		<p class="crumb"><a href="{$base}customers/{@id}/contracts"><bdi><xsl:value-of select="@name"/></bdi></a></p>
		<div class="head"><h1><xsl:choose><xsl:when test="@tier = 'distributor'">Base contract</xsl:when><xsl:otherwise>New contract</xsl:otherwise></xsl:choose> for <bdi><xsl:value-of select="@name"/></bdi></h1></div>
		<section class="card pad wide">
			<p class="soft">It is saved as a draft, which nobody but you and those above you sees. Mark it as active when it is ready.</p>
			<xsl:for-each select="/t:page/t:form">
				<xsl:call-template name="form">
					<xsl:with-param name="class">form sections</xsl:with-param>
					<xsl:with-param name="cancel" select="concat('customers/', /t:page/t:customer/@id, '/contracts')"/>
				</xsl:call-template>
			</xsl:for-each>
		</section>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
