<?xml version="1.0" encoding="UTF-8"?>
<!-- GET /contracts/CID/activate: asks before a contract takes another one's place; opens as a dialog. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">

<xsl:template match="t:page[@kind = 'contract-activate']" mode="content">
	<xsl:for-each select="t:contract">
		<xsl:call-template name="contract-ask-head"/>
		<div class="card small pad" data-popup="">
			<p>It is in force from <xsl:call-template name="day"><xsl:with-param name="at" select="@start"/></xsl:call-template><xsl:choose><xsl:when test="@end"> to <xsl:call-template name="day"><xsl:with-param name="at" select="@end"/></xsl:call-template></xsl:when><xsl:otherwise>, without an end</xsl:otherwise></xsl:choose>, and the customer sees it.</p>
			<xsl:if test="@supersedes"><p><strong><bdi><xsl:value-of select="@supersedes-name"/></bdi></strong> ends on the day before.</p></xsl:if>
			<xsl:for-each select="/t:page/t:form"><xsl:call-template name="form"><xsl:with-param name="cancel" select="concat('contracts/', /t:page/t:contract/@id)"/></xsl:call-template></xsl:for-each>
		</div>
	</xsl:for-each>
</xsl:template>

<xsl:template name="contract-ask-head">
	<xsl:call-template name="contract-crumb"/>
	<div class="head"><h1><xsl:value-of select="/t:page/@title"/></h1></div>
</xsl:template>
</xsl:stylesheet>
